using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote.Transport.Tcp;

/// <summary>Secures connections by mutual TLS: each side demands a certificate of the other, and trusts the settings' authorities
/// only.</summary>
/// <remarks>Sessions are not resumed: links live long, and a resumed one would stand on a certificate that was checked long ago.</remarks>
internal sealed class TlsHandshake(TlsSettings settings, TimeProvider time)
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    // Offline: the certificates between the node's own and the root are the settings', none is fetched from anywhere.
    private readonly SslStreamCertificateContext _certificate =
        SslStreamCertificateContext.Create(settings.Certificate, settings.Authorities, offline: true);

    /// <param name="host">Which was dialled.</param>
    /// <exception cref="AuthenticationException">Says what is wrong with the other side's certificate.</exception>
    public Task<SslStream> AsClientAsync(Socket socket, string host, CancellationToken cancellation)
    {
        var verdict = new Verdict(settings.CheckHostName ? host : null);
        return HandshakeAsync(socket, verdict, stream => stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ClientCertificateContext = _certificate,
                EnabledSslProtocols = Protocols,
                AllowTlsResume = false,
                CertificateChainPolicy = Policy(ServerAuthentication),
                RemoteCertificateValidationCallback = verdict.Accepts,
            },
            cancellation));
    }

    /// <exception cref="AuthenticationException">Says what is wrong with the other side's certificate.</exception>
    public Task<SslStream> AsServerAsync(Socket socket, CancellationToken cancellation)
    {
        var verdict = new Verdict(null);
        return HandshakeAsync(socket, verdict, stream => stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = Protocols,
                AllowTlsResume = false,
                CertificateChainPolicy = Policy(ClientAuthentication),
                RemoteCertificateValidationCallback = verdict.Accepts,
            },
            cancellation));
    }

    private static async Task<SslStream> HandshakeAsync(Socket socket, Verdict verdict, Func<SslStream, Task> authenticate)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await authenticate(stream).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException)
                throw;
            throw new AuthenticationException($"the TLS handshake failed: {verdict.Complaint ?? e.Message}", e);
        }
    }

    private X509ChainPolicy Policy(Oid purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().UtcDateTime,
        };
        policy.ApplicationPolicy.Add(purpose);
        foreach (var authority in settings.Authorities)
        {
            var isRoot = authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData);
            (isRoot ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        }

        return policy;
    }

    private sealed class Verdict(string? host)
    {
        public string? Complaint { get; private set; }

        public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            Complaint = Check(certificate as X509Certificate2, chain, errors);
            return Complaint is null;
        }

        private string? Check(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is null)
                return "the other side has shown no certificate";
            if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            {
                var reasons = chain?.ChainStatus.Select(static status => status.StatusInformation.Trim().TrimEnd('.')).Distinct() ?? [];
                return $"the other side's certificate ({certificate.Subject}) is not accepted: {string.Join("; ", reasons)}";
            }

            // Not what the stream has found: it would also take a common name for a host's.
            return host is null || certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false)
                ? null
                : $"the other side's certificate ({certificate.Subject}) is not for the host {host}";
        }
    }
}
