using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Identity;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Imports;

/// <summary>Loads the users' journals.</summary>
internal static class UserImport
{
    public static async Task RunAsync(
        AppendLanes lanes, string directory, ExportManifest manifest, TransferProgress progress, CancellationToken cancel)
    {
        using var file = new LineReader(directory, ExportFiles.Users);
        var lines = new JournalLines();
        UserId? current = null;
        while (await file.NextAsync(cancel).ConfigureAwait(false) is { } line)
        {
            var user = line.User("user");
            if (user != current)
            {
                current = user;
                lines.Begin(JournalOwner.PersistenceId(user));
            }

            lines.Follow(line, line.Id("id"));
            var said = StoredEvents.Encode(UserLine.Read(line));
            var row = lines.Row(
                line, said, raw => StoredEvents.DecodeUserEvent(said.Manifest, raw) is { } e ? StoredEvents.Encode(e).Payload : null);
            await lanes.AddAsync(row).ConfigureAwait(false);
            progress.Advance();
        }

        file.RequireCount(manifest.LinesOf(ExportFiles.Users));
    }
}
