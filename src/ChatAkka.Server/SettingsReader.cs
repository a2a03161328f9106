using System.Reflection;

namespace ChatAkka.Server;

/// <summary>
/// Reads sections into options records and collects what is wrong with them. The framework's binder alone throws at the first value that
/// doesn't convert, and passes over names that it doesn't know.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    /// <summary>One sentence for each setting that can't be used.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>One sentence for each setting that nothing reads.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The section's settings; the defaults if any of them can't be used.</summary>
    public T Read<T>(string name, Func<T, IEnumerable<string>> validate)
        where T : class, new()
    {
        var section = configuration.GetSection(name);
        if (!CheckSection(section, typeof(T)))
        {
            return new T();
        }

        var options = section.Get<T>() ?? new T();
        _errors.AddRange(validate(options));
        return options;
    }

    /// <summary>Checks <c>Urls</c>, which the web server reads itself, with an exception for what it can't read.</summary>
    public void CheckUrls()
    {
        foreach (var url in (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var error = SchemeOf(url) switch
            {
                "http" => null,
                "https" =>
                    $"Urls has '{url}', but a node doesn't speak TLS: "
                    + "let a load balancer or proxy in front of it do so, and use http here.",
                _ => $"Urls must be addresses such as http://127.0.0.1:5000, separated by ';', but has '{url}'.",
            };
            if (error is not null)
            {
                _errors.Add(error);
            }
        }

        static string? SchemeOf(string url)
        {
            try
            {
                return BindingAddress.Parse(url).Scheme.ToLowerInvariant();
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }

    /// <summary>Checks <c>Logging:LogLevel</c>, which the framework reads itself, with an exception for a level that it doesn't
    /// know.</summary>
    public void CheckLogLevels()
    {
        foreach (var level in configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                _errors.Add($"{level.Path} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}, but is '{level.Value}'.");
            }
        }
    }

    private bool CheckSection(IConfigurationSection section, Type type)
    {
        if (section.Value is not null)
        {
            _errors.Add($"{section.Path} must be a section of settings, not one value.");
            return false;
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToArray();
        var readable = true;
        foreach (var setting in section.GetChildren())
        {
            if (properties.FirstOrDefault(p => string.Equals(p.Name, setting.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                _warnings.Add($"{setting.Path} is no setting of this program; it is ignored.");
            }
            else
            {
                var expected = property.PropertyType;
                readable &= IsSection(expected) ? CheckSection(setting, expected) : Check(setting, expected);
            }
        }

        return readable;
    }

    /// <summary>An options record within another is a section within its section.</summary>
    private static bool IsSection(Type type) => type.IsClass && type != typeof(string);

    private bool Check(IConfigurationSection setting, Type type)
    {
        if (setting.Value is null)
        {
            _errors.Add($"{setting.Path} must have one value.");
            return false;
        }

        try
        {
            setting.Get(type);
            return true;
        }
        catch (InvalidOperationException)
        {
            _errors.Add($"{setting.Path} must be {Name(type)}, but is '{setting.Value}'.");
            return false;
        }
    }

    private static string Name(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => $"a whole number up to {int.MaxValue}",
        TypeCode.Int64 => "a whole number",
        TypeCode.Double or TypeCode.Decimal => "a number",
        TypeCode.Boolean => "true or false",
        _ => $"a {type.Name}",
    };
}
