using ChatAkka.Domain.Channels;

namespace ChatAkka.Gateway.Timelines;

/// <summary>Messages of one channel as they are now, ascending.</summary>
/// <param name="HasBefore">There are messages below the page.</param>
/// <param name="HasAfter">There are messages above the page.</param>
internal sealed record HistoryPage(IReadOnlyList<FoldedMessage> Messages, bool HasBefore, bool HasAfter);
