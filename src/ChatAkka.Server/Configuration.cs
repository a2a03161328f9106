using ChatAkka.Actors;
using ChatAkka.Gateway;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Storage;

namespace ChatAkka.Server;

/// <summary>
/// All settings, read once and checked before anything starts. Later ones win: <c>config/chatakka.json</c> beside the program (or the
/// file that <c>--config</c> names), environment, command line.
/// </summary>
internal sealed record Configuration(StorageOptions Storage, ChatOptions Chat, GatewayOptions Gateway, LimitsOptions Limits, AuthOptions Auth)
{
    private const string FileSetting = "config";

    /// <summary>Puts the settings file below environment and command line.</summary>
    public static void AddFile(ConfigurationManager configuration)
    {
        var file = configuration[FileSetting] ?? Path.Combine(AppContext.BaseDirectory, "config", "chatakka.json");
        var sources = ((IConfigurationBuilder)configuration).Sources;
        sources.Insert(0, new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource
        {
            Path = Path.GetFileName(file),
            FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Path.GetDirectoryName(Path.GetFullPath(file))!),
            Optional = false,
            ReloadOnChange = false,
        });
    }

    /// <summary>Reads the settings; the errors name each that can't be used, one sentence a setting.</summary>
    public static (Configuration Settings, IReadOnlyList<string> Errors) Read(IConfiguration configuration)
    {
        var settings = new Configuration(
            configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new(),
            configuration.GetSection(ChatOptions.Section).Get<ChatOptions>() ?? new(),
            configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new(),
            configuration.GetSection(LimitsOptions.Section).Get<LimitsOptions>() ?? new(),
            configuration.GetSection(AuthOptions.Section).Get<AuthOptions>() ?? new());
        return (settings,
        [
            .. settings.Storage.Validate(),
            .. settings.Chat.Validate(),
            .. settings.Gateway.Validate(),
            .. settings.Limits.Validate(),
            .. settings.Auth.Validate(),
        ]);
    }
}
