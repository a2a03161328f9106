using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChatAkka.Server.Clustering;

/// <summary>Reads the certificates of <see cref="ClusterTlsOptions"/>. A class of its own: whoever names their types loads an assembly that
/// a node without TLS doesn't need.</summary>
internal static class ClusterCertificates
{
    /// <summary>Why they can't be used; null if they can.</summary>
    public static string? Check(ClusterTlsOptions options)
    {
        try
        {
            using var certificate = OfNode(options);
            OfAuthorities(options);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"Cluster:Tls can't be used: {e.Message}";
        }
    }

    public static X509Certificate2 OfNode(ClusterTlsOptions options) => X509Certificate2.CreateFromPemFile(options.Certificate, options.Key);

    public static X509Certificate2Collection OfAuthorities(ClusterTlsOptions options)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(options.Authority);
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"'{options.Authority}' has no certificate.");
    }
}
