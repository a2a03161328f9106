using System.Reflection;

namespace ChatAkka.Server;

/// <summary>
/// Loads at start what would be loaded at its first use. Every assembly keeps two files open; one that is wanted when the process has none
/// left is missing for good, because the runtime remembers the failure.
/// </summary>
internal static class LateAssemblies
{
    // What a node that has served every kind of request has loaded beyond one that is merely ready.
    private static readonly string[] Names =
    [
        "ChatAkka.Protocol",
        "Google.Protobuf",
        "Microsoft.AspNetCore.Cryptography.KeyDerivation",
        "Microsoft.AspNetCore.Http.Features",
        "Microsoft.AspNetCore.Http.Results",
        "Microsoft.AspNetCore.Metadata",
        "Microsoft.AspNetCore.WebUtilities",
        "System.Net.WebSockets",
        "System.Runtime.CompilerServices.Unsafe",
        "System.Security.Claims",
        "System.Text.Encodings.Web",
    ];

    public static void Load()
    {
        foreach (var name in Names)
        {
            Assembly.Load(name);
        }
    }
}
