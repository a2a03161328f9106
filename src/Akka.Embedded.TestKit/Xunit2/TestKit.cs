using Akka.Actor;
using Akka.Actor.Setup;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>The base of a test class with an actor system, which ends with each test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    protected readonly ITestOutputHelper? Output;

    private readonly bool _ownsSystem;
    private bool _disposed;

    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null) : base(Assertions, system) =>
        (Output, _ownsSystem) = (output, system is null);

    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName) => (Output, _ownsSystem) = (output, true);

    protected static XunitAssertions Assertions { get; } = new();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs when the test is over, before its system is shut down.</summary>
    protected virtual void AfterAll() { }

    protected virtual void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            TestActorContext.Leave();
            if (_ownsSystem)
                Shutdown();
        }
    }
}
