namespace ChatAkka.Transfer;

/// <summary>An export or import can't be done; the message is a sentence for the operator and holds nothing of what is carried.</summary>
public sealed class TransferException(string message, Exception? inner = null) : Exception(message, inner);
