namespace ChatAkka.Domain.Timelines;

/// <summary>The store can't be read or written now: a full or read-only disk, a lost connection. Trying again later is safe.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
