using ChatAkka.EndToEnd.Tests.Harness.Sockets;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>One session of one device, over whichever transport.</summary>
internal interface IChatClient : IAsyncDisposable
{
    /// <summary>The <c>sync</c> frames that came before <c>synced</c>.</summary>
    IReadOnlyList<Frame> Syncs { get; }

    /// <summary>Everything received so far, in order.</summary>
    IReadOnlyList<Frame> Received { get; }

    /// <summary>Sends an object, with a ref of its own unless it has one, and waits for the one reply.</summary>
    Task<Frame> RequestAsync(object request, TimeSpan? limit = null);

    /// <summary>Sends a frame as it is.</summary>
    Task SendTextAsync(string text);

    /// <summary>Takes the first frame of a kind, now or when it comes.</summary>
    Task<Frame> TakeAsync(string what, Func<Frame, bool> wants, TimeSpan? limit = null);

    /// <summary>Waits for the end and returns the code that it came with.</summary>
    Task<Closing> ClosedAsync(TimeSpan? limit = null);

    /// <summary>Vanishes without a word.</summary>
    void Reset();

    void ShouldHaveSeenEverythingInOrder();

    /// <summary>Every frame is one of docs/asyncapi.json, member by member.</summary>
    void ShouldHaveReceivedWhatIsDocumented();
}
