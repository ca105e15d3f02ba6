# Draws itself: gnuplot <this file>. The data stands in it.
$data << EOD
# position	post_storage	side	rows	median_ms	ci95_low_ms	ci95_high_ms	clock_low_ms	clock_high_ms
0	DynamoDB	Original	656	335	329	341	?	?
0	DynamoDB	Antipode	235	1131	1065	1199	?	?
1	Redis	Original	824	296	290	301	?	?
1	Redis	Antipode	795	307	301	313	?	?
EOD
set encoding utf8
set border 3 lw 1 lc rgb '#444444'
set tics nomirror out
set grid ytics lt 1 lc rgb '#cccccc' lw 1
set key at graph 1, screen 0.885 right top horizontal Left reverse samplen 1 width 2
set style fill solid 1.0 noborder
set tmargin 5.8
set lmargin 13
set rmargin 4
set label 1 'Consistency window as published, by post storage' at graph 0, screen 0.955 left noenhanced font 'DejaVu Sans:Bold,15'
set label 2 'medians; notifications by SNS; whiskers: exact 95% interval; orange: overhead of Antipode' at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'
set label 3 'bound of the clocks on each median, in ms: unbounded' at graph 0, screen 0.875 left noenhanced font ',10' tc rgb '#666666'
set logscale y
set yrange [99.9:1798.35]
unset mytics
set ytics ('100 ms' 100, '200 ms' 200, '' 300 1, '' 400 1, '500 ms' 500, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '1 s' 1000, '2 s' 2000, '' 3000 1, '' 4000 1, '5 s' 5000, '' 6000 1, '' 7000 1, '' 8000 1, '' 9000 1)
set datafile separator '\t'
set datafile missing '?'
set ylabel 'writer start to first read (log scale)'
set boxwidth 0.36
set xrange [-0.6:1.6]
set xtics ('DynamoDB' 0, 'Redis' 1)
set label '335 ms' at -0.2, 341 center offset 0,0.8 font ',11'
set label '1131 ms' at 0.2, 1199 center offset 0,0.8 font ',11'
set label '+ 796 ms' at 0, 1199 center offset 0,2.2 font ',12' tc rgb '#D55E00'
set label '296 ms' at 0.8, 301 center offset 0,0.8 font ',11'
set label '307 ms' at 1.2, 313 center offset 0,0.8 font ',11'
set label '+ 11 ms' at 1, 313 center offset 0,2.2 font ',12' tc rgb '#D55E00'
shown(ms) = ms < 100 ? 100 : ms
x(s) = column(1) + (strcol(3) eq 'Original' ? -0.2 : 0.2)
of(s) = strcol(3) eq s ? shown(column(5)) : NaN
DRAW = "plot $data using (x(0)):(of('Original')) with boxes lc rgb '#56B4E9' title 'Original', $data using (x(0)):(of('Antipode')) with boxes lc rgb '#0072B2' title 'Antipode', $data using (x(0)):(shown(column(6))):(0):(shown(column(7)) - shown(column(6))) with vectors heads size graph 0.006,90,90 fixed lw 2 lc rgb '#222222' notitle"
set terminal pngcairo size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
set output 'consistency_window.png'
@DRAW
unset output
set terminal svg size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
set output 'consistency_window.svg'
@DRAW
unset output
