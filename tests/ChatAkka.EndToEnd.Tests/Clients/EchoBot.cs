using ChatAkka.Client;
using ChatAkka.Client.Events;
using ChatAkka.Client.Http;

public static class EchoBot
{
    public static async Task RunAsync(Uri service, string username, string password)
    {
        using var http = new ChatHttpClient(service);
        var logIn = await http.LogInAsync(username, password, device: "echo-bot");
        await using var chat = new ChatClient(http.OptionsFor(logIn));
        await chat.ConnectAsync();
        await foreach (var e in chat.Events)
        {
            if (e is MessageReceived { IsOwn: false } message)
            {
                await chat.SendAsync(message.Channel, $"You said: {message.Text}", new SendOptions { ReplyTo = message.Id });
            }
        }
    }
}
