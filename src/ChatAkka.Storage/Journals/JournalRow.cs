namespace ChatAkka.Storage.Journals;

/// <summary>An event (or snapshot) as it is stored: bytes, and what names the serializer and type they came from.</summary>
internal readonly record struct JournalRow(string PersistenceId, long SequenceNr, int SerializerId, string Manifest, byte[] Payload)
{
    /// <summary>Of an annotation: the sequence nr of the event that it is about, and what it settles there. Written, never read
    /// back.</summary>
    public (long Target, string Slot)? Annotates { get; init; }

    /// <summary>It is an event of a channel, which is to be delivered. Written, never read back.</summary>
    public bool IsTimeline { get; init; }
}
