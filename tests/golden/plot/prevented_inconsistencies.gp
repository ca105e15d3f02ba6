# Draws itself: gnuplot <this file>. The data stands in it.
$data << EOD
# x	category	series	value	low	high	range_low	range_high
-0.2	S3	inconsistent without	35	15.39092048	59.21885345	?	?
0.2	S3	prevented by Rendezvous	20	5.733399705	43.6614003	?	?
0.8	MySQL	inconsistent without	35	15.39092048	59.21885345	?	?
1.2	MySQL	prevented by Rendezvous	20	5.733399705	43.6614003	?	?
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
set label 1 '{/:Bold=15 Inconsistencies, and those that Rendezvous prevented}' at graph 0, screen 0.955 left
set label 2 'shares of requests; whiskers: exact 95% interval' at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'
set yrange [0:70.4986]
set format y '%g %%'
set datafile separator '\t'
set datafile missing '?'
set ylabel 'share of requests'
set boxwidth 0.36
set xrange [-0.6:1.6]
set xtics ("S3" 0, "MySQL" 1)
set label '35 %' at -0.2, 59.2189 center offset 0,0.8 noenhanced font ',11'
set label '20 %' at 0.2, 43.6614 center offset 0,0.8 noenhanced font ',11'
set label '35 %' at 0.8, 59.2189 center offset 0,0.8 noenhanced font ',11'
set label '20 %' at 1.2, 43.6614 center offset 0,0.8 noenhanced font ',11'
shown(v) = v < 0 ? 0 : v
most(v) = v > 70.4986 ? 70.4986 : v
DRAW = "plot $data using 1:(strcol(3) eq 'inconsistent without' ? shown(column(4)) : NaN) with boxes lc rgb '#56B4E9' title 'inconsistent without', $data using 1:(strcol(3) eq 'prevented by Rendezvous' ? shown(column(4)) : NaN) with boxes lc rgb '#0072B2' title 'prevented by Rendezvous', $data using 1:(shown(column(5))):(0):(shown(column(6)) - shown(column(5))) with vectors heads size graph 0.006,90,90 fixed lw 2 lc rgb '#222222' notitle"
set terminal pngcairo size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
dot = 1
set output 'prevented_inconsistencies.png'
@DRAW
unset output
set terminal svg size 778,467 dynamic font 'DejaVu Sans,12' linewidth 0.56 background rgb 'white'
dot = 0.45
set output 'prevented_inconsistencies.svg'
@DRAW
unset output
set terminal pdfcairo size 14.5833in,8.75in font 'DejaVu Sans,12' fontscale 1 background rgb 'white'
dot = 1
set output 'prevented_inconsistencies.pdf'
@DRAW
unset output
