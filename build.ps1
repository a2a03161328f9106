# The project's verbs, the very commands that .ci/run calls: ./build.ps1 build | test | format | bench; and for a developer: ./build.ps1 cluster
param([ValidateSet('build', 'test', 'format', 'bench', 'cluster')][string]$Verb = 'build')
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

# Three nodes on this machine, with the embedded stores in data/, or on PostgreSQL if Storage__Provider and Storage__ConnectionString say so.
# Clients find them at http://127.0.0.1:5001, 5002 and 5003. Ctrl-C stops them.
function Start-Cluster {
    dotnet build src/ChatAkka.Server -c Release
    if ($LASTEXITCODE -ne 0) { return }
    $nodes = 1..3 | ForEach-Object {
        $options = @{
            FilePath = 'dotnet'; NoNewWindow = $true; PassThru = $true
            ArgumentList = @(
                'run', '--project', 'src/ChatAkka.Server', '-c', 'Release', '--no-build', '--', '--Urls', "http://127.0.0.1:500$_",
                '--Gateway:Node', "node-$_", '--Cluster:Enabled', 'true', '--Cluster:Port', "510$_",
                '--Cluster:Seeds', '127.0.0.1:5101;127.0.0.1:5102;127.0.0.1:5103')
        }
        Start-Process @options
    }
    $nodes | Wait-Process
}

switch ($Verb) {
    'build'   { dotnet build ChatAkka.sln -c Release -warnaserror }
    'test'    { dotnet test ChatAkka.sln }
    'format'  { dotnet format ChatAkka.sln --severity warn }
    'bench'   { dotnet run --project tests/Benchmarks -c Release -- @args }
    'cluster' { Start-Cluster }
}
exit $LASTEXITCODE
