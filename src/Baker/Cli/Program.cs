#pragma warning disable RS0030 // The one place that may touch the console.
Console.WriteLine(1);
