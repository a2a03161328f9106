using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Embedded.Tests.Internals.Transport;

/// <summary>A network of two nodes, and how the world around them is made to go on.</summary>
internal abstract class TestNetwork : IDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The node that connects.</summary>
    public abstract ITransport Near { get; }

    /// <summary>The node that listens, at <see cref="FarHost"/>.</summary>
    public abstract ITransport Far { get; }

    public abstract string FarHost { get; }

    /// <summary>The address of a host that never answers.</summary>
    public abstract Address Silent { get; }

    /// <summary>How long a node tries to connect.</summary>
    public abstract TimeSpan ConnectTimeout { get; }

    /// <summary>Lets the world go on until the condition holds; fails with the description if it never does.</summary>
    public abstract Task Until(Func<bool> condition, string what);

    /// <summary>Lets the nodes' time pass.</summary>
    public abstract void Advance(TimeSpan duration);

    /// <summary>Does to the link what a fault of the network does, at this end.</summary>
    public abstract void Break(ILink link);

    /// <summary>Runs all of it at the same time, if the network can be used by several threads.</summary>
    public virtual Task AtOnce(params Action[] actions) => Task.WhenAll(actions.Select(action => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    public virtual void Dispose() { }
}
