namespace Akka.Actor;

/// <summary>The conventional replies for "it worked" and "it failed"; <c>Ask</c> turns a <see cref="Failure"/> into a faulted
/// task.</summary>
public abstract class Status
{
    private Status() { }

    /// <summary>The operation succeeded.</summary>
    public sealed class Success(object? status) : Status
    {
        public static readonly Success Instance = new(null);

        public readonly object? Status = status;

        public override string ToString() => $"Success: {Status ?? "null"}";
    }

    /// <summary>The operation failed with <see cref="Cause"/>.</summary>
    public sealed class Failure(Exception? cause, object? state) : Status
    {
        public readonly Exception? Cause = cause;
        public readonly object? State = state;

        public Failure(Exception? cause) : this(cause, null) { }

        public override string ToString() => $"Failure: {Cause}";
    }
}
