using ChatAkka.Replay;

return await ReplayCommand.Create().Parse(args).InvokeAsync();
