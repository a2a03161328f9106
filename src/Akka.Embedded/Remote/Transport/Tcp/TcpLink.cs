using Akka.Event;

namespace Akka.Remote.Transport.Tcp;

/// <summary>
/// One end of a link. Its receiving loop is all that ever calls the handler, and so its last call is the loop's last act, whatever has
/// ended the link; it comes when nothing is being sent any more either.
/// </summary>
/// <param name="opening">Of the side that connects: cancelled when the link is closed before it is open. Disposed by the link.</param>
internal sealed class TcpLink(string remoteName, TcpTransportSettings settings, CancellationTokenSource? opening = null) : ILink
{
    // Without having had to wait; then others get the thread.
    private const int ReceivesPerTurn = 16;

    private readonly Lock _gate = new();
    private CancellationTokenSource? _opening = opening;
    private ByteChannel? _channel;
    private volatile FrameWriter? _writer;
    private volatile bool _isClosedHere;
    private Exception? _sendFailure;
    private ITimer? _deadline;
    private bool _hasEnded;

    public string RemoteName => remoteName;

    public int PendingBytes => _writer?.PendingBytes ?? 0;

    public bool TrySend(ReadOnlySpan<byte> frame, int limit) => _writer is { } writer && writer.TrySend(frame, limit);

    public void Close()
    {
        lock (_gate)
        {
            if (_isClosedHere)
                return;
            _isClosedHere = true;
            // Not on this stack: it ends with a call of the handler.
            _ = _opening?.CancelAsync();
            if (_writer is null)
                return;
            SetDeadline();
        }

        _writer.Finish();
    }

    /// <summary>Accepts frames from now on. False if it was closed before; then the channel remains the caller's.</summary>
    public bool TryOpen(ByteChannel channel)
    {
        lock (_gate)
        {
            EndOpening();
            if (_isClosedHere)
                return false;
            _channel = channel;
            _writer = new FrameWriter(channel, SendingFailed);
            return true;
        }
    }

    /// <summary>Gives the handler of an open link what is received, until the end.</summary>
    /// <param name="handler">Told everything from here on.</param>
    /// <param name="parser">With what was received already. The link disposes it.</param>
    /// <param name="tellOpened">The handler doesn't know yet that the link is open.</param>
    public async Task RunAsync(ILinkHandler handler, FrameParser parser, bool tellOpened)
    {
        Exception? failure = null;
        try
        {
            if (tellOpened)
                handler.Opened(this);
            await ReceiveAsync(handler, parser).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        var saidGoodbye = parser.HasEnded;
        await EndAsync(parser).ConfigureAwait(false);
        // One whom the other side closes may fail to send before he reads why: the goodbye counts.
        TellClosed(handler, saidGoodbye ? null : _sendFailure ?? failure);
    }

    /// <summary>The link could not be opened.</summary>
    public void Fail(ILinkHandler handler, Exception cause)
    {
        lock (_gate)
            EndOpening();
        TellClosed(handler, cause);
    }

    /// <summary>Ends the link as a fault of the network does, with what waits lost.</summary>
    public void Break() => _channel?.Dispose();

    private async Task ReceiveAsync(ILinkHandler handler, FrameParser parser)
    {
        var receives = 0;
        while (true)
        {
            while (parser.TryTake(out var frame))
            {
                // What comes afterwards is received only so that the other side sees an orderly end.
                if (!_isClosedHere)
                    handler.Received(this, frame);
            }

            if (parser.HasEnded)
                return;
            var receiving = _channel!.ReceiveAsync(parser.Room());
            receives = receiving.IsCompleted ? receives + 1 : 0;
            var received = await receiving.ConfigureAwait(false);
            if (received == 0)
                throw new EndOfStreamException("The other end is gone without having closed the link.");
            parser.Received(received);
            if (receives == ReceivesPerTurn)
            {
                receives = 0;
                await Task.Yield();
            }
        }
    }

    private async Task EndAsync(FrameParser parser)
    {
        _channel!.Dispose();
        _writer!.Abandon();
        await _writer.Ended.ConfigureAwait(false);
        parser.Dispose();
        lock (_gate)
        {
            _hasEnded = true;
            _deadline?.Dispose();
        }
    }

    private void TellClosed(ILinkHandler handler, Exception? cause)
    {
        try
        {
            handler.Closed(this, _isClosedHere ? null : cause);
        }
        catch (Exception e)
        {
            settings.Log.Error(e, "The handler of the link with {0} has failed at its end.", remoteName);
        }
    }

    // What has come before the failure is still handed out, and may end with a goodbye.
    private void SendingFailed(Exception cause)
    {
        lock (_gate)
        {
            _sendFailure ??= cause;
            SetDeadline();
        }
    }

    private void SetDeadline()
    {
        if (!_hasEnded)
        {
            _deadline ??= settings.Time.CreateTimer(
                static link => ((TcpLink)link!).Break(), this, settings.CloseTimeout, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndOpening()
    {
        _opening?.Dispose();
        _opening = null;
    }
}
