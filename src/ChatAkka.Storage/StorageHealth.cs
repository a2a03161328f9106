namespace ChatAkka.Storage;

/// <summary>Whether a store can commit.</summary>
public enum StorageState
{
    /// <summary>The last write was committed.</summary>
    Available,

    /// <summary>The last write could not be committed, for a reason that lies in the store.</summary>
    Unavailable,
}

/// <summary>The state of a store, for readiness checks.</summary>
/// <param name="Since">When it entered this state.</param>
/// <param name="Sentence">The state in words; when unavailable, the store's own reason.</param>
public sealed record StorageHealth(StorageState State, DateTimeOffset Since, string Sentence);
