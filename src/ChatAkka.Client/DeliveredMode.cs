namespace ChatAkka.Client;

/// <summary>Who tells the server up to where the device has a channel's events.</summary>
public enum DeliveredMode
{
    /// <summary>The client: when the program has taken an event from <see cref="ChatClient.Events"/> and asks for the next, it has
    /// it.</summary>
    Automatic,

    /// <summary>The program, with <see cref="ChatClient.MarkDelivered"/>, for instance when it has stored what it took. Until it does, an
    /// event comes again when the program is started again; and of a long absence no more than the next hundred events of a channel
    /// come.</summary>
    Manual,
}
