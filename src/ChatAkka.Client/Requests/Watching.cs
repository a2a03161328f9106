using ChatAkka.Client.Events;
using ChatAkka.Protocol.Codec;
using ChatAkka.Protocol.Frames;

namespace ChatAkka.Client.Requests;

/// <summary>The set of users that the program watches, which each new connection has to be told. Guarded by its client.</summary>
internal sealed class Watching(EventBuffer buffer)
{
    private IReadOnlyList<string>? _users;
    private PendingRequest? _repeat;

    /// <summary>The program's request to watch others from now on.</summary>
    public PendingRequest<IReadOnlyList<UserPresence>> Begin(IReadOnlyList<string> users)
    {
        _users = users;
        return Request(users, isShown: false);
    }

    /// <summary>The request to make on a new connection, whose answer is shown as events; null if there is nothing to ask.</summary>
    public PendingRequest? Repeat() =>
        _users is null || _repeat is { IsAbandoned: false } ? null : _repeat = Request(_users, isShown: true);

    private PendingRequest<IReadOnlyList<UserPresence>> Request(IReadOnlyList<string> users, bool isShown) => new(
        (writer, reference) => ClientFrameEncoder.Watch(writer, reference, users),
        ok =>
        {
            foreach (var presence in isShown ? ok.Presence ?? [] : [])
            {
                buffer.Offer(PresenceChanged.Of(presence));
            }

            return ok.Presence;
        });
}
