namespace ChatAkka.Storage.Writing;

/// <summary>A write that waits to be committed together with others.</summary>
internal abstract class PendingWrite
{
    /// <summary>Size of what it writes, as far as that is worth bounding.</summary>
    public virtual int Bytes => 0;

    /// <summary>True if nobody wants it any more; then it is never begun.</summary>
    public abstract bool IsCanceled { get; }

    /// <summary>It is committed and synced. Only the first outcome that is published counts.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of it was stored; or, if the store is unavailable, that isn't known.</summary>
    public abstract void Fail(Exception reason);

    public abstract void Cancel();
}
