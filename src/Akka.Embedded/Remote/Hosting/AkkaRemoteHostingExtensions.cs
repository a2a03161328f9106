using Akka.Hosting;
using Akka.Remote.Transport.Tcp;

namespace Akka.Remote.Hosting;

/// <summary>How a host's system is reached by others; what is null keeps its default.</summary>
public class RemoteOptions
{
    /// <summary>The port; 0 for any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The address that is bound.</summary>
    public string? HostName { get; set; }

    /// <summary>The name by which others reach it, if that is another one.</summary>
    public string? PublicHostName { get; set; }

    /// <summary>The port by which others reach it, if that is another one.</summary>
    public int? PublicPort { get; set; }

    /// <summary>With what nodes prove who they are; null for links without TLS.</summary>
    public TlsSettings? Tls { get; set; }
}

/// <summary>Lets the host's actor system reach others, and be reached.</summary>
public static class AkkaRemoteHostingExtensions
{
    public static AkkaConfigurationBuilder WithRemoting(
        this AkkaConfigurationBuilder builder, string? hostname = null, int? port = null, string? publicHostname = null, int? publicPort = null) =>
        builder.WithRemoting(new RemoteOptions
        {
            HostName = hostname,
            Port = port,
            PublicHostName = publicHostname,
            PublicPort = publicPort,
        });

    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, Action<RemoteOptions> configure)
    {
        var options = new RemoteOptions();
        configure(options);
        return builder.WithRemoting(options);
    }

    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, RemoteOptions options)
    {
        var defaults = new RemoteSetup();
        return builder.AddSetup(new RemoteSetup
        {
            Host = options.HostName ?? defaults.Host,
            Port = options.Port ?? defaults.Port,
            PublicHost = options.PublicHostName,
            PublicPort = options.PublicPort,
            Tls = options.Tls,
        });
    }
}
