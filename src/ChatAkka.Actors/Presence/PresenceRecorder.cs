using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Presence;

namespace ChatAkka.Actors.Presence;

/// <summary>A save of presence has ended.</summary>
internal sealed record PresenceSaved(bool Succeeded);

/// <summary>
/// Writes comings and goings, one save at a time; of a user only the newest waits, so what waits is bounded by the users who come and go.
/// What a failed save had is written with the next.
/// </summary>
internal sealed class PresenceRecorder(IPresenceStore store, IActorRef self)
{
    private Dictionary<UserId, PresenceRecord> _waiting = [];
    private Dictionary<UserId, PresenceRecord> _saving = [];
    private bool _isSaving;

    public void Add(in PresenceRecord record) => _waiting[record.User] = record;

    /// <summary>Writes what waits, unless a save is under way.</summary>
    public void Save()
    {
        if (_isSaving || _waiting.Count == 0)
        {
            return;
        }

        _isSaving = true;
        (_saving, _waiting) = (_waiting, _saving);
        store.SaveAsync(_saving.Values, CancellationToken.None)
            .PipeTo(self, success: () => new PresenceSaved(true), failure: _ => new PresenceSaved(false));
    }

    public void OnSaved(PresenceSaved saved)
    {
        _isSaving = false;
        if (!saved.Succeeded)
        {
            foreach (var (user, record) in _saving)
            {
                _waiting.TryAdd(user, record);
            }
        }

        _saving = []; // not emptied: a crowd that comes at once would leave its room behind
    }

    /// <summary>What isn't stored yet of a user's last activity.</summary>
    public long LastActiveAt(UserId user) =>
        Math.Max(_waiting.GetValueOrDefault(user).LastActiveAt, _saving.GetValueOrDefault(user).LastActiveAt);
}
