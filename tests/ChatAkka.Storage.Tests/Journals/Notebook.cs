using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>Write these, together if there are several. Answered by <see cref="Written"/> or <see cref="Rejected"/>; or the actor
/// stops.</summary>
internal sealed record Write(params string[] Texts);

internal sealed record Written(long SequenceNr);

internal sealed record Rejected(Exception Cause);

internal sealed record TakeSnapshot;

internal sealed record Forget(long ToSequenceNr);

/// <summary>Answered by <see cref="Contents"/>.</summary>
internal sealed record GetContents;

/// <param name="Replayed">How many of them came from the journal at the last recovery.</param>
internal sealed record Contents(ImmutableList<string> Texts, long LastSequenceNr, int Replayed, DateTime? SnapshotAt);

/// <summary>A persistent actor that remembers texts.</summary>
internal sealed class Notebook : ReceivePersistentActor
{
    private ImmutableList<string> _texts = [];
    private int _replayed;
    private DateTime? _snapshotAt;
    private IActorRef _asker = ActorRefs.Nobody;

    public Notebook(string persistenceId)
    {
        PersistenceId = persistenceId;
        Recover<Noted>(noted =>
        {
            _replayed++;
            _texts = _texts.Add(noted.Text);
        });
        Recover<SnapshotOffer>(offer =>
        {
            _texts = [.. ((Noted)offer.Snapshot).Text.Split('\n')];
            _snapshotAt = offer.Metadata.Timestamp;
        });
        Command<Write>(Store);
        Command<TakeSnapshot>(_ =>
        {
            _asker = Sender;
            SaveSnapshot(new Noted(string.Join('\n', _texts)));
        });
        Command<SaveSnapshotSuccess>(success => _asker.Tell(success));
        Command<Forget>(forget =>
        {
            _asker = Sender;
            DeleteMessages(forget.ToSequenceNr);
        });
        Command<DeleteMessagesSuccess>(success => _asker.Tell(success));
        Command<GetContents>(_ => Sender.Tell(new Contents(_texts, LastSequenceNr, _replayed, _snapshotAt)));
    }

    public override string PersistenceId { get; }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _asker.Tell(new Rejected(cause));

    private void Store(Write write)
    {
        _asker = Sender;
        var left = write.Texts.Length;
        PersistAll(write.Texts.Select(text => new Noted(text)), noted =>
        {
            _texts = _texts.Add(noted.Text);
            if (--left == 0)
            {
                _asker.Tell(new Written(LastSequenceNr));
            }
        });
    }
}
