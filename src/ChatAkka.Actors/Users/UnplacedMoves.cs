using Akka.Actor;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;

namespace ChatAkka.Actors.Users;

/// <summary>
/// Cursor moves in channels of which this incarnation of the user knows nothing yet: they were told an earlier one, or its shard, and no
/// device has attached since. Whether they are to be believed is seen when the stores have said where the user stands.
/// </summary>
/// <remarks>Bounded: beyond <see cref="Capacity"/> the oldest is dropped, and its device or user gets something again.</remarks>
internal sealed class UnplacedMoves(UserId user, UserServices services, IActorRef self, ITimerScheduler timers)
{
    private const int Capacity = 256;
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Queue<DeviceCursor> _moves = new();
    private bool _isReading;

    public bool IsEmpty => _moves.Count == 0;

    public IEnumerable<DeviceCursor> All => _moves;

    /// <summary>Keeps a move; the answer of the stores comes back as <see cref="PositionsRead"/>.</summary>
    public void Add(DeviceCursor move, UserState state)
    {
        if (_moves.Count == Capacity)
        {
            _moves.Dequeue();
        }

        _moves.Enqueue(move);
        Read(state);
    }

    /// <summary>Asks the stores, unless they are being asked.</summary>
    public void Read(UserState state)
    {
        if (!_isReading)
        {
            _isReading = true;
            new StoredCursors(services).ReadPositionsAsync(user, [.. state.Channels]).PipeTo(
                self,
                success: read => new PositionsRead(read.Heads, read.Receipts),
                failure: _ => new PositionsRead(null, []));
        }
    }

    /// <summary>The stores have answered, or haven't.</summary>
    /// <returns>True if they have.</returns>
    public bool OnRead(PositionsRead read)
    {
        _isReading = false;
        if (read.Heads is null)
        {
            timers.StartSingleTimer(PositionsDue.Instance, PositionsDue.Instance, ReadAgainAfter);
        }

        return read.Heads is not null;
    }

    /// <summary>Hands out all moves, in order, to be judged again.</summary>
    public IReadOnlyList<DeviceCursor> Take()
    {
        DeviceCursor[] moves = [.. _moves];
        _moves.Clear();
        return moves;
    }
}
