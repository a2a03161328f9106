namespace ChatAkka.Storage.Journals;

/// <summary>An event (or snapshot) as it is stored: bytes, and what names the serializer and type they came from.</summary>
internal readonly record struct JournalRow(string PersistenceId, long SequenceNr, int SerializerId, string Manifest, byte[] Payload);
