using System.Runtime.ExceptionServices;

namespace ChatAkka.Actors.Tests.Model;

/// <summary>What was found wrong inside actors and stores, where an exception would only be taken for a fault to recover from.</summary>
internal sealed class Verdicts
{
    private Exception? _first;

    public void Check(Action check)
    {
        try
        {
            check();
        }
        catch (ShouldAssertException e)
        {
            _first ??= e;
        }
    }

    public void ThrowIfAny()
    {
        if (_first is not null)
        {
            ExceptionDispatchInfo.Throw(_first);
        }
    }
}
