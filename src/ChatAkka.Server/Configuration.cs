using ChatAkka.Actors;
using ChatAkka.Domain.Push;
using ChatAkka.Gateway;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Server.Clustering;
using ChatAkka.Storage;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace ChatAkka.Server;

/// <summary>
/// All settings, read once and checked before anything starts. Later ones win: <c>config/chatakka.json</c> beside the program (or the
/// file that <c>--config</c> names), environment, command line.
/// </summary>
internal sealed record Configuration(
    StorageOptions Storage,
    ChatOptions Chat,
    ClusterOptions Cluster,
    GatewayOptions Gateway,
    LimitsOptions Limits,
    AuthOptions Auth,
    PushOptions Push)
{
    private const string FileSetting = "config";

    /// <summary>A builder with the settings of environment and command line.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] arguments) =>
        // Settings are read once; watching their files would only cost some.
        WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. arguments]);

    /// <summary>Adds the settings file and reads everything. The settings are null if any can't be used; the errors say which. What nothing
    /// reads is told at once.</summary>
    public static (Configuration? Settings, IReadOnlyList<string> Errors) Load(ConfigurationManager configuration)
    {
        if (AddFile(configuration) is { } unreadable)
        {
            return (null, [unreadable]);
        }

        var (settings, errors, warnings) = Read(configuration);
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        foreach (var warning in warnings)
        {
            Console.Error.WriteLine(warning);
        }

        return (settings, []);
    }

    /// <summary>Puts the settings file below environment and command line; if it can't be read, the answer says why.</summary>
    public static string? AddFile(ConfigurationManager configuration)
    {
        var file = configuration[FileSetting] ?? Path.Combine(AppContext.BaseDirectory, "config", "chatakka.json");
        if (!File.Exists(file))
        {
            return $"The settings file '{file}' doesn't exist.";
        }

        var path = Path.GetFullPath(file);
        var source = new JsonConfigurationSource
        {
            Path = Path.GetFileName(path),
            FileProvider = new PhysicalFileProvider(
                Path.GetDirectoryName(path)!, Microsoft.Extensions.FileProviders.Physical.ExclusionFilters.None),
            Optional = false,
            ReloadOnChange = false,
        };
        try
        {
            // Reads it at once.
            ((IConfigurationBuilder)configuration).Sources.Insert(0, source);
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"The settings file '{path}' can't be read: {e.GetBaseException().Message}";
        }
    }

    /// <summary>
    /// Reads the settings. The errors name each that can't be used, the warnings each that nothing reads, one sentence a setting. With
    /// errors, the settings aren't meant to be used.
    /// </summary>
    public static (Configuration Settings, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = new Configuration(
            reader.Read<StorageOptions>(StorageOptions.Section, options => options.Validate()),
            reader.Read<ChatOptions>(ChatOptions.Section, options => options.Validate()),
            reader.Read<ClusterOptions>(ClusterOptions.Section, options => options.Validate()),
            reader.Read<GatewayOptions>(GatewayOptions.Section, options => options.Validate()),
            reader.Read<LimitsOptions>(LimitsOptions.Section, options => options.Validate()),
            reader.Read<AuthOptions>(AuthOptions.Section, options => options.Validate()),
            reader.Read<PushOptions>(PushOptions.Section, options => options.Validate()));
        reader.CheckUrls();
        reader.CheckLogLevels();
        return (settings, reader.Errors, reader.Warnings);
    }
}
