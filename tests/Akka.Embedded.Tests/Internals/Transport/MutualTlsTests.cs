using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport.Tcp;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>Who is let in over TLS, and what those are told who aren't.</summary>
public sealed class MutualTlsTests
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly Certificates _ours = Certificates.Root("ours");
    private readonly Certificates _theirs = Certificates.Root("theirs");

    private TlsSettings Near => _ours.Trusting(_ours.Node("near"));

    private TlsSettings Far => _ours.Trusting(_ours.Node("127.0.0.1"));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost", "localhost")]
    [InlineData("127.0.0.1", "localhost", "*.example.org", "LOCALHOST")]
    [InlineData("::1", "[::1]", "::1")]
    public async Task Node_that_is_certified_for_its_host_is_linked(string bound, string dialled, params string[] certified)
    {
        using var test = new TlsTest(Near, _ours.Trusting(_ours.Node(certified)));
        (await test.Dial(dialled, bound)).ShouldBeNull();
    }

    [Fact]
    public async Task Node_that_is_certified_for_another_host_is_not_linked_unless_that_is_not_checked()
    {
        var far = _ours.Trusting(_ours.Node("10.0.0.1", "chat.example.org"));
        using var strict = new TlsTest(Near, far);
        (await strict.Dial("127.0.0.1")).ShouldNotBeNull().Message.ShouldContain("is not for the host 127.0.0.1");
        using var lenient = new TlsTest(Near with { CheckHostName = false }, far);
        (await lenient.Dial("127.0.0.1")).ShouldBeNull();
    }

    [Fact]
    public async Task Subjects_name_is_not_taken_for_a_hosts()
    {
        using var test = new TlsTest(Near, _ours.Trusting(_ours.OldStyle("localhost")));
        (await test.Dial("localhost")).ShouldNotBeNull().Message.ShouldContain("is not for the host localhost");
    }

    [Fact]
    public async Task Node_whose_issuer_this_one_does_not_trust_is_not_linked()
    {
        using var test = new TlsTest(Near, _ours.Trusting(_theirs.Node("127.0.0.1")));
        (await test.Dial("127.0.0.1")).ShouldNotBeNull().Message.ShouldContain("is not accepted");
    }

    [Fact]
    public async Task Node_whose_issuer_the_other_one_does_not_trust_is_not_linked()
    {
        using var test = new TlsTest(_ours.Trusting(_theirs.Node("near")), Far);
        (await test.Dial("127.0.0.1")).ShouldNotBeNull();
        await test.ShouldHaveRefused("is not accepted");
    }

    [Fact]
    public async Task Expired_certificate_is_accepted_by_neither_side()
    {
        using var far = new TlsTest(Near, _ours.Trusting(_ours.Expired("127.0.0.1")));
        (await far.Dial("127.0.0.1")).ShouldNotBeNull().Message.ShouldContain("is not accepted");
        using var near = new TlsTest(_ours.Trusting(_ours.Expired("near")), Far);
        (await near.Dial("127.0.0.1")).ShouldNotBeNull();
        await near.ShouldHaveRefused("is not accepted");
    }

    [Fact]
    public async Task Certificate_that_is_restricted_to_other_purposes_is_accepted_by_neither_side()
    {
        using var both = new TlsTest(Near, _ours.Trusting(_ours.Restricted("127.0.0.1", ClientAuthentication, ServerAuthentication)));
        (await both.Dial("127.0.0.1")).ShouldBeNull();
        using var far = new TlsTest(Near, _ours.Trusting(_ours.Restricted("127.0.0.1", ClientAuthentication)));
        (await far.Dial("127.0.0.1")).ShouldNotBeNull();
        using var near = new TlsTest(_ours.Trusting(_ours.Restricted("near", ServerAuthentication)), Far);
        (await near.Dial("127.0.0.1")).ShouldNotBeNull();
        await near.ShouldHaveRefused("is not accepted");
    }

    [Fact]
    public async Task Issuers_between_the_root_and_the_nodes_are_the_settings()
    {
        var between = _ours.Intermediate("between");
        var near = Near with { Authorities = [_ours.Authority, between.Authority] };
        var far = near with { Certificate = between.Node("127.0.0.1") };
        using var test = new TlsTest(near, far);
        (await test.Dial("127.0.0.1")).ShouldBeNull();
        // An authority that is trusted only by way of a root is nothing without it.
        using var rootless = new TlsTest(near with { Authorities = [between.Authority] }, far);
        (await rootless.Dial("127.0.0.1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Client_without_a_certificate_is_not_accepted()
    {
        using var test = new TlsTest(Near, Far);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", test.Listen("127.0.0.1").Port);
        using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await Waiting.For(stream.AuthenticateAsClientAsync("127.0.0.1"), "the client's side of the handshake");
        await Should.ThrowAsync<IOException>(async () =>
        {
            await stream.WriteAsync(RawPeer.Greeting);
            if (await Waiting.For(stream.ReadAsync(new byte[1]).AsTask(), "the connection to be cut off") == 0)
                throw new EndOfStreamException();
        });
        await test.ShouldHaveRefused("shown no certificate");
    }

    [Fact]
    public async Task Node_without_tls_and_node_with_it_are_not_linked()
    {
        using var near = new TlsTest(null, Far);
        (await near.Dial("127.0.0.1")).ShouldNotBeNull();
        await near.ShouldHaveRefused("TLS handshake failed");
        using var far = new TlsTest(Near, null);
        (await far.Dial("127.0.0.1")).ShouldNotBeNull().Message.ShouldContain("TLS handshake failed");
        await far.ShouldHaveRefused("isn't a node");
    }

    [Fact]
    public async Task Stranger_that_does_not_shake_hands_is_cut_off_when_its_time_is_up()
    {
        using var test = new TlsTest(Near, Far);
        var listener = test.Listen("127.0.0.1");
        using var stranger = await RawPeer.Connect(listener.Port);
        await stranger.Send(22, 3, 1);
        (await test.Dial("127.0.0.1", listener)).ShouldBeNull();
        test.Network.Advance(test.Network.ConnectTimeout);
        (await stranger.ReceiveToEnd()).ShouldBe(0);
        await test.ShouldHaveRefused("too long", accepted: 1);
    }

    /// <summary>Two nodes with TLS, or without it.</summary>
    private sealed class TlsTest(TlsSettings? near, TlsSettings? far) : IDisposable
    {
        private readonly List<RecordingHandler> _accepted = [];
        private readonly List<IDisposable> _listeners = [];

        public TcpTestNetwork Network { get; } = new(settings => settings with { Tls = near }, settings => settings with { Tls = far });

        public Akka.Remote.Transport.IListener Listen(string host)
        {
            var listener = Network.Far.Listen(host, 0, link =>
            {
                var handler = new RecordingHandler(link);
                handler.OnReceived = (_, frame) => link.TrySend(frame, int.MaxValue);
                lock (_accepted)
                    _accepted.Add(handler);
                return handler;
            });
            _listeners.Add(listener);
            return listener;
        }

        public Task<Exception?> Dial(string host, string? bound = null) => Dial(host, Listen(bound ?? "127.0.0.1"));

        /// <summary>Null if frames go to and fro, or the cause of the end.</summary>
        public async Task<Exception?> Dial(string host, Akka.Remote.Transport.IListener listener)
        {
            var handler = new RecordingHandler(null);
            var link = Network.Near.Connect(new Address("akka.tcp", "test", host, listener.Port), handler);
            await Waiting.Until(() => handler.IsOpen || handler.IsClosed, "the link to open, or not");
            if (handler.IsOpen)
            {
                link.TrySend([1, 2, 3], int.MaxValue).ShouldBeTrue();
                await Waiting.Until(() => handler.Count == 1, "the frame to come back");
                link.Close();
                await Waiting.Until(() => handler.IsClosed, "the link to be closed");
            }

            handler.ShouldHaveBeenTreatedWell();
            return handler.Cause;
        }

        /// <summary>The listener has not told anybody but the log.</summary>
        public async Task ShouldHaveRefused(string complaint, int accepted = 0)
        {
            await Waiting.Until(() => Network.Log.Lines.Length > 0, "a line in the log");
            Network.Log.Lines.ShouldHaveSingleItem().ShouldContain(complaint);
            lock (_accepted)
                _accepted.Count.ShouldBe(accepted);
        }

        public void Dispose()
        {
            _listeners.ForEach(listener => listener.Dispose());
            Network.Dispose();
        }
    }
}
