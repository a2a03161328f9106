namespace ChatAkka.Client.Requests;

/// <summary>
/// What the device had of a channel when a request was sent the first time. Every attempt says the same, so that the server knows a late one
/// from a new request. Guarded by its client.
/// </summary>
internal sealed class Basis(string channel)
{
    private long? _seen;

    public string Channel => channel;

    /// <summary>The newest event of the channel; 0 if nothing is known of it, or nothing was sent yet.</summary>
    public long Seen => _seen ?? 0;

    /// <summary>The request is sent; only the first time counts.</summary>
    public void Fix(long seen) => _seen ??= seen;
}
