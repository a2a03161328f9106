using ChatAkka.Server;
using ChatAkka.Server.Verbs;

#pragma warning disable RS0030 // The one place that chooses the clock.
var time = TimeProvider.System;
#pragma warning restore RS0030

// What begins with a dash, or nothing at all, is for the server. Whoever serves loads nothing of the verbs.
return args is [var first, ..] && (!first.StartsWith('-') || VerbLine.IsHelp(first))
    ? await VerbLine.RunAsync(args, time)
    : await Serving.RunAsync(args, time);
