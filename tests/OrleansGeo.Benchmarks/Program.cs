using OrleansGeo.Benchmarks;
using OrleansGeo.Benchmarks.Measuring;
using OrleansGeo.Benchmarks.Rows;

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

IRowGroup[] groups = [new CallRows(), new WriteRows(), new MultiWriterRows(), new LatencyRows(), new LookupRows()];
var selected = groups.Where(group => group.Names.Any(options.Includes)).ToList();
if (selected.Count == 0)
{
    Console.Error.WriteLine($"No row has '{options.Filter}' in its name. There are: {string.Join(", ", groups.SelectMany(static group => group.Names))}.");
    return 2;
}

#if DEBUG
Console.WriteLine("Built without optimization: the figures mean nothing. Use -c Release.");
#endif

var rows = new List<RowResult>();
Report.PrintHead();
foreach (var group in selected)
{
    await group.RunAsync(options, row =>
    {
        rows.Add(row);
        Report.Print(row);
    });
}

Report.Write(options.Output, options, rows);
if (options.Page is { } page)
{
    ReportPage.Write(page, rows);
}

Console.WriteLine();
Console.WriteLine($"{rows.Count(static row => row.Passed == true)} passed, {rows.Count(static row => row.Passed == false)} missed. Written to {Path.GetFullPath(options.Output)}.");
return 0;
