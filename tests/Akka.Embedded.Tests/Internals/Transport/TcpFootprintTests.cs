using Akka.Remote.Transport;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>What links take of the process, and that they give it back. Bytes and sockets, never time.</summary>
[Collection(nameof(Alone))]
public sealed class TcpFootprintTests() : TransportTest(new TcpTestNetwork())
{
    private const int Links = 250;

    [Fact]
    public async Task Links_that_were_closed_leave_no_socket()
    {
        Listen();
        await OpenAndClose();
        var before = Sockets();
        for (var i = 0; i < 4; i++)
            await OpenAndClose();
        await Until(() => Sockets() <= before, "all sockets to be closed");
    }

    [Fact]
    public async Task Idle_link_costs_few_kilobytes_at_either_end()
    {
        Listen(onReceived: (link, frame) => link.TrySend(frame, NoLimit));
        await SendLargeFrames(await OpenAll());
        await CloseAll();
        Forget();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var links = await OpenAll();
        // The buffers that they take must not stay.
        await SendLargeFrames(links);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2 * Links);
        // Half of it is the buffer. The pool may keep some large ones for the next to come.
        each.ShouldBeLessThan(16_000);
        GC.KeepAlive(links);
    }

    [Fact]
    public async Task Frame_allocates_nothing_on_its_way()
    {
        const int Count = 20_000;
        var counter = new CountingHandler();
        using var listener = Network.Far.Listen(Network.FarHost, 0, _ => counter);
        var opened = NewHandler();
        var link = Network.Near.Connect(new Akka.Actor.Address("akka.tcp", "test", Network.FarHost, listener.Port), opened);
        await Until(() => opened.IsOpen, "the link to open");
        var frame = new byte[100];
        await SendAll();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await SendAll();
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count;
        each.ShouldBeLessThan(10);

        async Task SendAll()
        {
            counter.Expect(Count);
            for (var i = 0; i < Count; i++)
                link.TrySend(frame, NoLimit).ShouldBeTrue();
            await Waiting.For(counter.Done, "all frames");
        }
    }

    private async Task<RecordingHandler[]> OpenAll()
    {
        var before = Accepted.Count;
        var links = Enumerable.Range(0, Links).Select(_ => Connect()).ToArray();
        await Until(() => links.All(near => near.IsOpen) && Accepted.Count == before + Links, "all links to open");
        return links;
    }

    private async Task SendLargeFrames(RecordingHandler[] links)
    {
        foreach (var near in links)
        {
            Send(near, new byte[400_000]);
            await Until(() => near.Count == 1, "the large frame to come back");
            near.ForgetFrames();
        }

        foreach (var far in Accepted)
            far.ForgetFrames();
    }

    // By either end, and by both.
    private async Task OpenAndClose()
    {
        foreach (var near in (await OpenAll()).Where((_, i) => i % 2 == 0))
        {
            Send(near, Number(1)).ShouldBeTrue();
            Close(near);
        }

        await CloseAll();
        Forget();
    }

    private async Task CloseAll()
    {
        foreach (var far in Accepted)
            Close(far);
        await Until(() => Handlers.All(handler => handler.IsClosed), "all links to be closed");
    }

    // Where the system doesn't tell there is nothing to compare.
    private static int Sockets() => OperatingSystem.IsLinux()
        ? Directory.GetFiles("/proc/self/fd").Count(static file => Target(file).StartsWith("socket:", StringComparison.Ordinal))
        : 0;

    private static string Target(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, false)?.Name ?? "";
        }
        catch (IOException)
        {
            return ""; // closed meanwhile
        }
    }

    private sealed class CountingHandler : ILinkHandler
    {
        private TaskCompletionSource<int> _done = new();
        private int _rest;

        public Task<int> Done => _done.Task;

        public void Expect(int frames)
        {
            _done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            _rest = frames;
        }

        public void Opened(ILink link) { }

        public void Received(ILink link, ReadOnlySpan<byte> frame)
        {
            if (--_rest == 0)
                _done.SetResult(0);
        }

        public void Closed(ILink link, Exception? cause) { }
    }
}
