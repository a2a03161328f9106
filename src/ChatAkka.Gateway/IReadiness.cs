namespace ChatAkka.Gateway;

/// <summary>Whether this node can serve clients now; the composition root knows.</summary>
public interface IReadiness
{
    /// <summary>Why it can't (starting, draining, the store doesn't answer), or null if it can.</summary>
    string? NotReadyReason { get; }
}
