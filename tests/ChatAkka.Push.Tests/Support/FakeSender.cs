using System.Collections.Concurrent;
using System.Threading.Channels;
using ChatAkka.Domain.Push;

namespace ChatAkka.Push.Tests.Support;

/// <summary>A receiver that answers as a test says, and sees that no push is sent twice at a time.</summary>
internal sealed class FakeSender : IPushSender
{
    private readonly Channel<PushNotification> _calls = Channel.CreateUnbounded<PushNotification>();
    private readonly ConcurrentDictionary<string, bool> _underway = new();
    private int _most;

    /// <summary>What becomes of an attempt.</summary>
    public Func<PushNotification, Task<PushOutcome>> Answer { get; set; } =
        static _ => Task.FromResult<PushOutcome>(new PushOutcome.Delivered());

    /// <summary>Attempts that were under way at the same time, at most.</summary>
    public int Most => _most;

    /// <summary>A push was sent while it was being sent.</summary>
    public bool Doubled { get; private set; }

    /// <summary>True if an attempt was begun that the test hasn't taken.</summary>
    public bool HasMore => _calls.Reader.TryPeek(out _);

    /// <summary>Attempts that the test hasn't taken.</summary>
    public int Waiting => _calls.Reader.Count;

    public async Task<PushNotification> NextAsync() => await _calls.Reader.ReadAsync().AsTask().Within("a push to be sent");

    public async Task<PushOutcome> SendAsync(PushNotification notification, CancellationToken cancel)
    {
        Doubled |= !_underway.TryAdd(notification.Id, true);
        _most = Math.Max(_most, _underway.Count);
        try
        {
            // The answer is chosen before the test hears of the attempt: what the test changes then is for the next one.
            var answer = Answer(notification);
            _calls.Writer.TryWrite(notification);
            return await answer;
        }
        finally
        {
            _underway.TryRemove(notification.Id, out _);
        }
    }
}
