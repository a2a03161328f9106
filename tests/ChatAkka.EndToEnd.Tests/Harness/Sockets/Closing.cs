namespace ChatAkka.EndToEnd.Tests.Harness.Sockets;

/// <summary>How a connection ended: the code of the server's close frame, or <see cref="Abnormal"/> if none came.</summary>
internal sealed record Closing(int Code, string Reason)
{
    public static readonly Closing Abnormal = new(1006, "");
}
