namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>A user, at one of their devices.</summary>
/// <param name="Subject">The integrator's name for the user.</param>
internal sealed record Person(string UserId, string Subject, string Device, string Token);
