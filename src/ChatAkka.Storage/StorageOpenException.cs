namespace ChatAkka.Storage;

/// <summary>The store can't be opened; the message is a sentence for the operator. Trying again unchanged is pointless.</summary>
public sealed class StorageOpenException(string message, Exception? inner = null) : Exception(message, inner);
