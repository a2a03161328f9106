using System.Globalization;
using System.Reflection;
using ChatAkka.Actors;
using ChatAkka.Domain.Push;
using ChatAkka.Gateway;
using ChatAkka.Gateway.Auth;
using ChatAkka.Gateway.Limits;
using ChatAkka.Server.Clustering;
using ChatAkka.Server.Tests.Support;
using ChatAkka.Storage;
using Microsoft.Extensions.Configuration;

namespace ChatAkka.Server.Tests.Settings;

/// <summary><c>config/chatakka.json</c> is the reference of all settings: each is there, with its default and a word on its
/// meaning.</summary>
public sealed class SettingsFileTests
{
    private static readonly Dictionary<string, object> Sections = new()
    {
        [StorageOptions.Section] = new StorageOptions(),
        [ChatOptions.Section] = new ChatOptions(),
        [ClusterOptions.Section] = new ClusterOptions(),
        [GatewayOptions.Section] = new GatewayOptions(),
        [LimitsOptions.Section] = new LimitsOptions(),
        [AuthOptions.Section] = new AuthOptions(),
        [PushOptions.Section] = new PushOptions(),
    };

    private readonly string[] _lines = File.ReadAllLines(Repository.At("config/chatakka.json"));
    private readonly IConfigurationRoot _file = new ConfigurationBuilder().AddJsonFile(Repository.At("config/chatakka.json")).Build();

    public static TheoryData<string> SectionNames => [.. Sections.Keys];

    [Fact]
    public void Every_options_record_has_its_section() =>
        typeof(Server.Configuration).GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType)
            .ShouldBe(Sections.Values.Select(options => options.GetType()), ignoreOrder: true);

    [Fact]
    public void File_has_no_section_that_nothing_reads() =>
        _file.GetChildren().Select(section => section.Key).ShouldBe([.. Sections.Keys, "Urls", "Logging"], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(SectionNames))]
    public void Section_has_every_setting_with_its_default_and_nothing_else(string section)
    {
        var defaults = Settings(section, Sections[section])
            .ToDictionary(setting => setting.Path, setting => Convert.ToString(setting.Default, CultureInfo.InvariantCulture));
        _file.GetSection(section).AsEnumerable().Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Key, setting => setting.Value).ShouldBe(defaults, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(SectionNames))]
    public void Every_setting_has_a_comment_above_it(string section)
    {
        foreach (var (path, _) in Settings(section, Sections[section]))
        {
            // Each name of the path stands below the one before, two spaces further in.
            var (line, indent) = (0, "");
            foreach (var name in path.Split(':'))
            {
                indent += "  ";
                line = Array.FindIndex(_lines, line, text => text.StartsWith($"{indent}\"{name}\": ", StringComparison.Ordinal));
                line.ShouldBeGreaterThan(0, path);
            }

            _lines[line - 1].ShouldStartWith($"{indent}// ", customMessage: path);
        }
    }

    [Fact]
    public void File_as_it_stands_is_valid()
    {
        var (_, errors, warnings) = Server.Configuration.Read(_file);
        errors.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
    }

    /// <summary>Every setting of a section and of the sections within it.</summary>
    private static IEnumerable<(string Path, object? Default)> Settings(string section, object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
            .SelectMany(property =>
            {
                var (path, value) = ($"{section}:{property.Name}", property.GetValue(options));
                return value is string || property.PropertyType.IsValueType ? [(path, value)] : Settings(path, value!);
            });
}
