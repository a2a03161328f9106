namespace Akka.Persistence;

/// <summary>Events up to a sequence number (inclusive) were deleted. Sent to the persistent actor that asked for it.</summary>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);

/// <summary>Events could not be deleted. Sent to the persistent actor that asked for it.</summary>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);

internal sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr);
