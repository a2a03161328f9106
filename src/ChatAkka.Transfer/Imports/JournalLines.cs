using ChatAkka.Actors.Serialization;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Files;

namespace ChatAkka.Transfer.Imports;

/// <summary>Watches that the lines of each journal stand together and go on from 1 without a gap, and makes rows of them.</summary>
internal sealed class JournalLines
{
    private string _persistenceId = "";

    /// <summary>The number of the last line's event; 0 before the first line.</summary>
    public long Last { get; private set; }

    /// <summary>The next line is of another journal.</summary>
    public void Begin(string persistenceId) => (_persistenceId, Last) = (persistenceId, 0);

    /// <exception cref="TransferException">It isn't the event after the last line's.</exception>
    public void Follow(LineFields line, long id)
    {
        if (id != Last + 1)
        {
            throw line.Wrong($"has event {id:D} where event {Last + 1:D} must follow");
        }

        Last = id;
    }

    /// <summary>The row of the last line's event.</summary>
    /// <param name="said">The event's bytes.</param>
    /// <param name="again">The bytes of what the given bytes are, as far as this version knows it; null if it doesn't.</param>
    public JournalRow Row(LineFields line, (string Manifest, byte[] Payload) said, Func<byte[], byte[]?> again)
    {
        var raw = line.OptionalBytes("raw");
        line.End();
        if (raw is not null && !said.Payload.AsSpan().SequenceEqual(again(raw)))
        {
            throw line.Wrong("has a 'raw' that says something else than its other fields");
        }

        return new JournalRow(_persistenceId, Last, StoredEvents.SerializerId, said.Manifest, raw ?? said.Payload);
    }
}
