using System.Security.Cryptography;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Connections;
using ChatAkka.Protocol;
using ChatAkka.Protocol.Codec;

namespace ChatAkka.Gateway.LongPoll;

/// <summary>
/// A device's session by long poll: the client end of a virtual socket. It says hello for the device, and beats for it while a poll waits.
/// </summary>
/// <remarks>
/// Every call is a sign of life, as a frame is on a socket. A session that the server has closed is kept for as long as a silent one, for
/// the poll that is to be told why.
/// </remarks>
internal sealed class PollSession : ISweepable
{
    /// <summary>The <c>ref</c> of the hello, which the client doesn't say itself.</summary>
    public const string HelloRef = "0";

    // Posts that may wait for the one before; further ones are told at once that it is busy.
    private const int MaxWaitingPosts = 8;

    private static readonly TimeSpan PostPatience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Heartbeat = """{"op":"heartbeat"}"""u8.ToArray();

    private readonly TimeProvider _time;
    private readonly PollTransport _transport = new(RandomNumberGenerator.GetHexString(16, lowercase: true));
    private readonly Action<PollSession> _forget;
    private int _waitingPosts;
    private long? _closedSince;

    /// <param name="token">Of the call that opens the session.</param>
    /// <param name="forget">Called when nobody can be told any more how the session ended.</param>
    public PollSession(Authenticated owner, string token, TimeProvider time, Action<PollSession> forget)
    {
        (Owner, _time, _forget) = (owner, time, forget);
        var hello = new FrameWriter();
        hello.StartObject()
            .Name("op"u8).Literal("hello"u8)
            .Name("ref"u8).String(HelloRef)
            .Name("token"u8).String(token)
            .EndObject();

        // Before anyone can post: it comes first.
        _transport.Posted.TryWrite(VirtualFrames.FromClient(hello.Written.ToArray()));
    }

    /// <summary>Whose session it is.</summary>
    public Authenticated Owner { get; }

    /// <summary>The server's end.</summary>
    public PollTransport Transport => _transport;

    /// <summary>The server has closed it.</summary>
    public bool IsClosed => _transport.Polled.IsClosed;

    /// <summary>It is closed, and nobody waits to be told.</summary>
    public bool IsOver => _transport.Polled.IsOver;

    /// <summary>Whether a poll may go on with this session; see <see cref="PollOutput.TryClaim"/>.</summary>
    public bool TryClaim(string? poll) => _transport.Polled.TryClaim(poll);

    /// <summary>It can't be found any more; see <see cref="PollOutput.Abandon"/>.</summary>
    public void Abandon() => _transport.Polled.Abandon();

    /// <summary>The next answer; see <see cref="PollOutput.PollAsync"/>.</summary>
    public async Task<PollAnswer> PollAsync(TimeSpan atMost, CancellationToken cancel)
    {
        Beat();
        var answer = await _transport.Polled.PollAsync(atMost, _time, cancel);
        Beat();
        return answer;
    }

    /// <summary>Hands frames to the connection, all or none; waits a little while that has too much unanswered.</summary>
    public async Task<Intake> PostAsync(ReadOnlyMemory<byte>[] frames, CancellationToken cancel)
    {
        if (frames.Length == 0)
        {
            Beat();
            return IsClosed ? Intake.Ended : Intake.Taken;
        }

        var bytes = VirtualFrames.FromClient(frames);
        if (_transport.Posted.TryWrite(bytes) is var intake and not Intake.Full)
        {
            return intake;
        }

        if (Interlocked.Increment(ref _waitingPosts) > MaxWaitingPosts)
        {
            Interlocked.Decrement(ref _waitingPosts);
            return Intake.Full;
        }

        try
        {
            return await PostLaterAsync(bytes, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _waitingPosts);
        }
    }

    /// <inheritdoc/>
    public bool Sweep(long now)
    {
        if (IsClosed)
        {
            _closedSince ??= now;
            if (!IsOver && _time.GetElapsedTime(_closedSince.Value, now).TotalMilliseconds < ProtocolLimits.TimeoutMs)
            {
                return true;
            }

            _forget(this);
            return false;
        }

        // A poll may wait for as long as a silent client is borne: both at the same time would be decided by chance.
        if (_transport.Polled.IsPolled)
        {
            Beat();
        }

        return true;
    }

    private async Task<Intake> PostLaterAsync(byte[] bytes, CancellationToken cancel)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            var left = PostPatience - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return Intake.Full;
            }

            try
            {
                await _transport.Posted.WhenRoomAsync().WaitAsync(left, _time, cancel);
            }
            catch (TimeoutException)
            {
                return Intake.Full;
            }

            if (_transport.Posted.TryWrite(bytes) is var intake and not Intake.Full)
            {
                return intake;
            }
        }
    }

    // Not if frames wait: they are a sign of life themselves when they are read, and that they aren't yet isn't the client's fault.
    private void Beat() => _transport.Posted.TryWrite(VirtualFrames.FromClient(Heartbeat));
}
