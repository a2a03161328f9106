using ChatAkka.Replay.Clients;

namespace ChatAkka.Replay.Scenarios;

/// <summary>Someone who chats: makes tokens for any number of devices.</summary>
internal sealed class Person
{
    private const string Password = "correct horse battery staple";

    private readonly Func<string, CancellationToken, Task<string>> _token;

    private Person(string subject, Func<string, CancellationToken, Task<string>> token) => (Subject, _token) = (subject, token);

    /// <summary>Short and unique in a run.</summary>
    public string Subject { get; }

    /// <summary>A person of the integrator's, who exists at first sight.</summary>
    public static Person Integrated(IntegratorTokens tokens, string subject, string name) =>
        new(subject, (device, _) => Task.FromResult(tokens.Mint(subject, device, name)));

    /// <summary>A person who signs up with a password.</summary>
    public static async Task<Person> SignUpAsync(Api api, string subject, string name, CancellationToken cancel)
    {
        await api.CallAsync(null, (http, stop) => http.SignUpAsync(subject, Password, name, stop), cancel).ConfigureAwait(false);
        return new Person(subject, async (device, stop) =>
        {
            var logIn = await api
                .CallAsync(null, (http, ended) => http.LogInAsync(subject, Password, device, "replay", cancel: ended), stop)
                .ConfigureAwait(false);
            return logIn.Token;
        });
    }

    public Task<string> TokenAsync(string device, CancellationToken cancel) => _token(device, cancel);
}
