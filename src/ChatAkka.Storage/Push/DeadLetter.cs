using ChatAkka.Domain.Identity;

namespace ChatAkka.Storage.Push;

/// <summary>A push that was given up, as the operator finds it.</summary>
/// <param name="Attempts">Counts the last one too.</param>
internal sealed record DeadLetter(
    long PushId, UserId User, ChannelId Channel, long MessageId, long At, int Attempts, string Reason, long DeadAt)
{
    /// <summary>So many are kept; the oldest go first.</summary>
    public const int Kept = 10_000;
}
