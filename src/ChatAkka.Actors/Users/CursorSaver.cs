using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Writes the cursor moves of a user's devices: a second after the first of them, or at once when asked to. One save at a time; what a
/// failed one had is written with the next. The outcome of a save comes back to the user actor as <see cref="CursorsSaved"/>.
/// </summary>
internal sealed class CursorSaver(ICursorStore store, IActorRef user, ITimerScheduler timers)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    public DeviceCursors Moves { get; } = new();

    public void Move(MoveCursor move, ChannelPosition position)
    {
        if (Moves.Move(move.Device, move.Channel, move.Id, position))
        {
            SaveSoon();
        }
    }

    /// <summary>The user's position in a channel has advanced.</summary>
    public void Settle(ChannelId channel, ChannelPosition position)
    {
        if (Moves.Settle(channel, position))
        {
            SaveSoon();
        }
    }

    public void SaveNow()
    {
        if (Moves is { HasUnsaved: true, IsSaving: false })
        {
            store.SaveAsync(Moves.TakeForSaving(), overwrite: false, CancellationToken.None)
                .PipeTo(user, success: () => CursorsSaved.Yes, failure: _ => CursorsSaved.No);
        }
    }

    public void OnSaved(CursorsSaved saved)
    {
        if (saved.Succeeded)
        {
            Moves.Saved();
        }
        else
        {
            Moves.NotSaved();
        }

        if (Moves.HasUnsaved)
        {
            SaveSoon();
        }
    }

    private void SaveSoon()
    {
        if (!Moves.IsSaving && !timers.IsTimerActive(SaveCursors.Instance))
        {
            timers.StartSingleTimer(SaveCursors.Instance, SaveCursors.Instance, Delay);
        }
    }
}
