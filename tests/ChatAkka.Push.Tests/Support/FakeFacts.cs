using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;

namespace ChatAkka.Push.Tests.Support;

/// <summary>Facts that are the same for every message, unless a test says otherwise.</summary>
internal sealed class FakeFacts : IPushFacts
{
    public static readonly PushFacts Facts = new(ChannelKind.Group, "The group", new UserId("345"), "Ann", 3, "hello there");

    public Func<PushFacts?> Find { get; set; } = () => Facts;

    public Task<PushFacts?> FindAsync(UserId user, ChannelId channel, long messageId, CancellationToken cancel)
    {
        try
        {
            return Task.FromResult(Find());
        }
        catch (Exception e)
        {
            return Task.FromException<PushFacts?>(e);
        }
    }
}
