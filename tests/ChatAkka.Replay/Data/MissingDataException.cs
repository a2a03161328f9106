namespace ChatAkka.Replay.Data;

/// <summary>Something the replay needs isn't there. The message says what, and where to give it.</summary>
internal sealed class MissingDataException(string message) : Exception(message);
