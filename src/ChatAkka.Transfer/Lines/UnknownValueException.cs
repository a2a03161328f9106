namespace ChatAkka.Transfer.Lines;

/// <summary>A stored event has a value that this version has no word for: a newer one has written it.</summary>
internal sealed class UnknownValueException() : Exception("A stored event has a value that this version doesn't know.");
