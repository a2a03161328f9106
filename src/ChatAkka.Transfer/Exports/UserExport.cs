using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Exports;

/// <summary>Writes one user's journal.</summary>
internal sealed class UserExport(UserId user, LineWriter file, TransferProgress progress)
{
    private readonly JournalOrder _order = new($"user {user}");

    public void Receive(JournalRow row)
    {
        _order.Follow(row);
        var e = StoredEvents.DecodeUserEvent(row.Manifest, row.Payload) ?? throw _order.Unknown();
        UserLine.Write(file.Start(), user, row.SequenceNr, e);
        file.End(row.Payload, StoredEvents.Encode(e).Payload);
        progress.Advance();
    }
}
