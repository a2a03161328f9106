using ChatAkka.Domain.Channels;

namespace ChatAkka.Gateway.Timelines;

/// <summary>Messages of one channel, ascending.</summary>
/// <param name="HasBefore">There are messages below the page.</param>
/// <param name="HasAfter">There are messages above the page.</param>
internal sealed record HistoryPage(IReadOnlyList<MessagePosted> Messages, bool HasBefore, bool HasAfter);
