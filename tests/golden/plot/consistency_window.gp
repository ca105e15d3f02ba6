# Draws itself: gnuplot <this file>. The data stands in it.
$data << EOD
# x	category	series	value	low	high	range_low	range_high
-0.2	DynamoDB	Original	335	329	341	?	?
0.2	DynamoDB	Antipode	1131	1065	1199	?	?
0.8	Redis	Original	296	290	301	?	?
1.2	Redis	Antipode	307	301	313	?	?
EOD
set encoding utf8
set border 3 lw 1 lc rgb '#444444'
set tics nomirror out
set grid ytics lt 1 lc rgb '#cccccc' lw 1
set key at graph 1, screen 0.885 right top horizontal Left reverse samplen 1 width 2
set style fill solid 1.0 noborder
set tmargin at screen 0.826
set lmargin 13
set rmargin 4
set label 1 '{/:Bold=15 Consistency window as published, by post storage}' at graph 0, screen 0.955 left
set label 2 'medians; notifications by SNS; whiskers: exact 95% interval; orange: overhead as published (as measured, if another)' at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'
set label 3 'bound of the clocks on each median, in ms: unbounded' at graph 0, screen 0.875 left noenhanced font ',10' tc rgb '#666666'
set tmargin at screen 0.785
set key at graph 1, screen 0.845
set logscale y
set yrange [99.9:1926.38]
unset mytics
set ytics ('100 ms' 100, '200 ms' 200, '' 300 1, '' 400 1, '500 ms' 500, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '1 s' 1000)
set datafile separator '\t'
set datafile missing '?'
set ylabel 'writer start to first read (log scale)'
set boxwidth 0.36
set xrange [-0.6:1.6]
set xtics ("DynamoDB" 0, "Redis" 1)
set label '335 ms' at -0.2, 341 center offset 0,0.8 noenhanced font ',11'
set label '1131 ms' at 0.2, 1199 center offset 0,0.8 noenhanced font ',11'
set label '+ 796 ms' at 0, 1199 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
set label '296 ms' at 0.8, 301 center offset 0,0.8 noenhanced font ',11'
set label '307 ms' at 1.2, 313 center offset 0,0.8 noenhanced font ',11'
set label '+ 11 ms' at 1, 313 center offset 0,2.2 noenhanced font ',12' tc rgb '#D55E00'
shown(v) = v < 100 ? 100 : v
most(v) = v > 1924.46 ? 1924.46 : v
DRAW = "plot $data using 1:(strcol(3) eq 'Original' ? shown(column(4)) : NaN) with boxes lc rgb '#56B4E9' title 'Original', $data using 1:(strcol(3) eq 'Antipode' ? shown(column(4)) : NaN) with boxes lc rgb '#0072B2' title 'Antipode', $data using 1:(shown(column(5))):(0):(shown(column(6)) - shown(column(5))) with vectors heads size graph 0.006,90,90 fixed lw 2 lc rgb '#222222' notitle"
set terminal pngcairo size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
dot = 1
set output 'consistency_window.png'
@DRAW
unset output
set terminal svg size 778,467 dynamic font 'DejaVu Sans,12' linewidth 0.56 background rgb 'white'
dot = 0.45
set output 'consistency_window.svg'
@DRAW
unset output
set terminal pdfcairo size 14.5833in,8.75in font 'DejaVu Sans,12' fontscale 1 background rgb 'white'
dot = 1
set output 'consistency_window.pdf'
@DRAW
unset output
