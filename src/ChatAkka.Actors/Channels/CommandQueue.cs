using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using ChatAkka.Domain.Channels;

namespace ChatAkka.Actors.Channels;

/// <summary>A command and who is waiting for its reply.</summary>
internal readonly record struct PendingCommand(ChannelCommand Command, IActorRef Asker)
{
    public void Reply(ChannelReply reply) => Asker.Tell(reply, ActorRefs.NoSender);

    public void Refuse(Refusal reason) => Reply(new Refused(Command.Channel, Command.Request, reason));
}

/// <summary>
/// What waits for a channel while it writes. Bounded in commands and in text: beyond either the asker is told busy, and may repeat.
/// </summary>
internal sealed class CommandQueue(int maxCommands, int maxTextLength)
{
    private readonly Queue<PendingCommand> _commands = new();
    private int _textLength;

    public int Count => _commands.Count;

    public bool TryAdd(PendingCommand pending)
    {
        var length = pending.Command.TextLength;
        if (_commands.Count >= maxCommands || (_textLength + length > maxTextLength && _commands.Count > 0))
        {
            return false;
        }

        _textLength += length;
        _commands.Enqueue(pending);
        return true;
    }

    public bool TryPeek([MaybeNullWhen(false)] out PendingCommand pending) => _commands.TryPeek(out pending);

    public PendingCommand Take()
    {
        var pending = _commands.Dequeue();
        _textLength -= pending.Command.TextLength;
        if (_commands.Count == 0 && _commands.EnsureCapacity(0) > 64)
        {
            _commands.TrimExcess(); // a burst must not be paid for by every idle hour after it
        }

        return pending;
    }
    /// <summary>Tells everyone who waits that it can't be done now.</summary>
    public void RefuseAll()
    {
        while (Count > 0)
        {
            Take().Refuse(Refusal.Unavailable);
        }
    }
}
