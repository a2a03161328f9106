using System.Net.Sockets;

namespace ChatAkka.Tests.MultiNode.Links;

/// <summary>
/// A TCP connection between two nodes, in two halves with us in between. What one node does to it, sending, ending or resetting, reaches
/// the other only when the way there is whole. Whoever makes one disposes of it.
/// </summary>
/// <param name="dialer">The half to the node that connects.</param>
/// <param name="there">From that node to the other.</param>
/// <param name="back">From the other to that node.</param>
internal sealed class LinkConnection(Socket dialer, Direction there, Direction back) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Passes on until both halves are over.</summary>
    /// <param name="connect">Connects the half to the other node.</param>
    public async Task RunAsync(Func<Socket, CancellationToken, ValueTask> connect)
    {
        try
        {
            await WholeAsync(there);
            await WholeAsync(back); // who is dialed must be able to answer
            if (HasLeft(dialer))
            {
                return; // gave up meanwhile: the other end would never have heard of it
            }

            await connect(_target, _ended.Token);
            await Task.WhenAll(
                UntilBrokenAsync(PassOnAsync(dialer, _target, there, back)), UntilBrokenAsync(PassOnAsync(_target, dialer, back, there)));
        }
        catch (Exception e) when (IsEnd(e))
        {
            Reset();
        }
    }

    /// <summary>Breaks the connection for both ends.</summary>
    public void Reset()
    {
        _ended.Cancel();
        Reset(dialer);
        Reset(_target);
    }

    public void Dispose()
    {
        Reset();
        _ended.Dispose();
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

    private static bool HasLeft(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Over already.
        }

        socket.Dispose();
    }

    private async Task UntilBrokenAsync(Task passingOn)
    {
        try
        {
            await passingOn;
        }
        catch (Exception e) when (IsEnd(e))
        {
            Reset(); // which ends the other half, too
        }
    }

    private Task WholeAsync(Direction way) => way.Whole.WaitAsync(_ended.Token);

    private async Task PassOnAsync(Socket from, Socket to, Direction way, Direction opposite)
    {
        var buffer = new byte[BufferSize];
        while (true)
        {
            await WholeAsync(way);
            int count;
            try
            {
                count = await from.ReceiveAsync(buffer, _ended.Token);
            }
            catch (SocketException)
            {
                await WholeAsync(way);
                throw; // reset by that end; the other hears of it now
            }

            if (way.Delay > TimeSpan.Zero)
            {
                await Task.Delay(way.Delay, _ended.Token);
            }

            await WholeAsync(way);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            try
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ended.Token);
                }

                way.Carry(count);
            }
            catch (SocketException)
            {
                await WholeAsync(opposite);
                throw; // reset by the end that was sent to; the sender hears of it now
            }
        }
    }
}
