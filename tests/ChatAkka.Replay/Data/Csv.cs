using System.Text;

namespace ChatAkka.Replay.Data;

/// <summary>Comma-separated values as RFC 4180 has them: quoted fields may hold commas, line breaks and doubled quotes.</summary>
internal static class Csv
{
    public static IEnumerable<IReadOnlyList<string>> Parse(string text)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        var quoted = false;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append('"');
                    at++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                EndField();
            }
            else if (c is '\n' || (c is '\r' && at + 1 < text.Length && text[at + 1] == '\n'))
            {
                at += c == '\r' ? 1 : 0;
                EndField();
                yield return row;
                row = [];
            }
            else
            {
                field.Append(c);
            }
        }

        if (quoted)
        {
            throw new FormatException("the last quoted field is never closed");
        }

        if (field.Length > 0 || row.Count > 0)
        {
            EndField();
            yield return row;
        }

        void EndField()
        {
            row.Add(field.ToString());
            field.Clear();
        }
    }
}
